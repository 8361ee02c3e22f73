package org.aliasrpc.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the application; the role is chosen with {@code --spring.profiles.active}. */
@SpringBootApplication(proxyBeanMethods = false)
class SampleApplication {

    public static void main(String[] args) {
        SpringApplication.run(SampleApplication.class, args);
    }
}
