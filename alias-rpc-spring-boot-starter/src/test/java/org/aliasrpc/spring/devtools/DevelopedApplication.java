package org.aliasrpc.spring.devtools;

import java.util.ArrayList;
import java.util.List;
import org.aliasrpc.HyperDht;
import org.aliasrpc.spring.event.AliasRpcClientEvent;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.event.EventListener;

/** Somebody's application while it is being written. Says after each registration what there is of it in the JVM. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class DevelopedApplication {
    static final String REGISTERED = "developed-registered ";

    private final ObjectProvider<HyperDht> node;

    public DevelopedApplication(ObjectProvider<HyperDht> node) {
        this.node = node;
    }

    /**
     * Class loader, port of the node, number of registration threads, and names of those that belong to an earlier loader.
     *
     * @param event the registration
     */
    @EventListener
    @SuppressWarnings("SystemOut") // it is the protocol
    public void onRegistered(AliasRpcClientEvent.RegisterAliasSuccess event) {
        ClassLoader own = getClass().getClassLoader();
        int ours = 0;
        List<String> old = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ClassLoader loader = thread.getContextClassLoader();
            boolean restarted =
                    loader != null && loader.getClass().getSimpleName().equals("RestartClassLoader");
            if (thread.getName().equals("alias-rpc-registration")) {
                ours++;
            }
            if (restarted && loader != own) {
                old.add(thread.getName().replace(' ', '_'));
            }
        }
        String loader = own.getClass().getSimpleName() + "@" + System.identityHashCode(own);
        System.out.println(
                REGISTERED + loader + " " + node.getObject().localAddress().getPort() + " " + ours + " " + old);
    }

    public static void main(String[] args) {
        SpringApplication.run(DevelopedApplication.class, args);
    }
}
