package org.aliasrpc.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aliasrpc.AliasRpcClient.LifeCycle;
import org.aliasrpc.BootstrapNode;
import org.junit.jupiter.api.DynamicContainer;

/** The processes behind the matrix of one network, shared by all its cells: those of servers and those of clients. */
final class MatrixPeers implements AutoCloseable {
    static final List<String> VERSIONS = List.of("1.0.3", "2.1.0", "2.2.1");

    private final NodePeer serverPeer = NodePeer.start();
    private final NodePeer clientPeer = NodePeer.start();
    private final List<AliasServerSide.Running> servers = new ArrayList<>();

    /** Every kind of client with every kind of server, except the reference with itself. */
    Stream<DynamicContainer> cells(List<BootstrapNode> bootstrap) {
        List<AliasClientSide> javaClients =
                List.of(new JavaAliasClient(LifeCycle.POOLED), new JavaAliasClient(LifeCycle.PER_CALL));
        Stream<DynamicContainer> withOurServer = cells(
                bootstrap,
                new JavaAliasServer(),
                Stream.concat(javaClients.stream(), nodeClients()).toList());
        Stream<DynamicContainer> withNodeServers = VERSIONS.stream()
                .flatMap(version -> cells(bootstrap, new NodeAliasServer(serverPeer, version, true), javaClients));
        return Stream.concat(withOurServer, withNodeServers);
    }

    /** The reference with itself. */
    Stream<DynamicContainer> controlCells(List<BootstrapNode> bootstrap) {
        return VERSIONS.stream()
                .flatMap(version -> cells(
                        bootstrap,
                        new NodeAliasServer(serverPeer, version, false),
                        nodeClients().toList()));
    }

    /** The process with the servers, which hosts networks too. */
    NodePeer serverPeer() {
        return serverPeer;
    }

    @Override
    public void close() {
        for (AliasServerSide.Running server : servers) {
            if (server instanceof JavaAliasServer.JavaServer) {
                server.close(); // those of Node end with their process
            }
        }
        clientPeer.close();
        serverPeer.close();
    }

    private Stream<AliasClientSide> nodeClients() {
        return VERSIONS.stream().map(version -> new NodeAliasClient(clientPeer, version));
    }

    private Stream<DynamicContainer> cells(
            List<BootstrapNode> bootstrap, AliasServerSide serverSide, List<AliasClientSide> clientSides) {
        AliasServerSide.Running server = serverSide.start(bootstrap, AliasCell.SECRET);
        servers.add(server);
        return clientSides.stream().map(clientSide -> new AliasCell(clientSide, serverSide, server, bootstrap).tests());
    }
}
