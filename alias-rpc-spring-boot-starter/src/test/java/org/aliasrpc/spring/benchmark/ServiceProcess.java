package org.aliasrpc.spring.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import org.aliasrpc.AliasRpcServer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * Our service: an ordinary web application that is an alias server, set up by properties among its arguments. Says
 * {@code ready KEY PORT}; answers each line of its input with the bytes of live objects and those that its heap has taken
 * from the system; ends with its input.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ServiceProcess {
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var context = SpringApplication.run(ServiceProcess.class, arguments)) {
            AliasRpcServer server = context.getBean(AliasRpcServer.class);
            server.listen();
            ChildProcess.say(
                    server.publicKey() + " " + context.getEnvironment().getRequiredProperty("local.server.port"));
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (input.readLine() != null) {
                MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
                long taken = memory.getHeapMemoryUsage().getCommitted(); // before the collection gives some back
                System.gc();
                ChildProcess.say(memory.getHeapMemoryUsage().getUsed() + " " + taken);
            }
        }
    }
}
