package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of the table in the order in which we last heard them. */
final class RecencyList {
    private @Nullable TableNode oldest;
    private @Nullable TableNode latest;
    private int size;

    int size() {
        return size;
    }

    @Nullable
    TableNode oldest() {
        return oldest;
    }

    /** Puts a node that is not in the list at the end. */
    void add(TableNode node) {
        node.older = latest;
        node.newer = null;
        if (latest == null) {
            oldest = node;
        } else {
            latest.newer = node;
        }
        latest = node;
        size++;
    }

    /** Takes a node out that is in the list. */
    void remove(TableNode node) {
        if (node.older == null) {
            oldest = node.newer;
        } else {
            node.older.newer = node.newer;
        }
        if (node.newer == null) {
            latest = node.older;
        } else {
            node.newer.older = node.older;
        }
        node.older = null;
        node.newer = null;
        size--;
    }

    /** Up to {@code limit} nodes, the latest first. */
    List<TableNode> latest(int limit) {
        List<TableNode> nodes = new ArrayList<>(Math.min(limit, size));
        for (TableNode node = latest; node != null && nodes.size() < limit; node = node.older) {
            nodes.add(node);
        }
        return nodes;
    }
}
