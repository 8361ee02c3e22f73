package org.aliasrpc.dht;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Known nodes by their position: a row for each number of leading bits shared with the own id, at most {@code k} nodes in
 * each. Many nodes are known nearby and few far away (dht-rpc.md §8.1).
 */
final class RoutingTable {
    /** Nodes in a row, and nodes in an answer. */
    static final int K = 20;

    private static final int ROWS = 8 * NodeId.LENGTH;

    private final NodeId own;
    private final int k;
    private final List<List<TableNode>> rows = new ArrayList<>(ROWS);
    private final Map<NodeId, TableNode> nodes = new HashMap<>();

    RoutingTable(NodeId own, int k) {
        this.own = own;
        this.k = k;
        for (int i = 0; i < ROWS; i++) {
            rows.add(List.of());
        }
    }

    int size() {
        return nodes.size();
    }

    @Nullable
    TableNode get(NodeId id) {
        return nodes.get(id);
    }

    /**
     * @return false if the row is full
     */
    boolean add(TableNode node) {
        int index = rowOf(node.id);
        List<TableNode> row = rows.get(index);
        TableNode before = nodes.get(node.id);
        if (before == null && row.size() >= k) {
            return false;
        }
        if (row.isEmpty()) {
            row = new ArrayList<>(); // rows are made when needed: most stay empty
            rows.set(index, row);
        }
        row.remove(before);
        row.add(node);
        nodes.put(node.id, node);
        return true;
    }

    void remove(NodeId id) {
        TableNode node = nodes.remove(id);
        if (node != null) {
            rows.get(rowOf(id)).remove(node);
        }
    }

    /** The nodes that compete for a place with an id. */
    List<TableNode> row(NodeId id) {
        return rows.get(rowOf(id));
    }

    int rowOf(NodeId id) {
        return Math.min(own.commonPrefix(id), ROWS - 1);
    }

    /**
     * The nodes nearest to a target, nearest first. Unlike the reference, which goes through the rows and so gives only
     * a rough order, this is the order of the XOR distance (dht-rpc.md §8.1, quirk).
     */
    List<Peer> closest(NodeId target, int limit) {
        List<TableNode> found = new ArrayList<>();
        int shared = rowOf(target);
        // The row of the target is nearest. All rows above share as many bits with the target as we do, and those below
        // fewer and fewer.
        gather(found, target, shared, shared);
        if (found.size() < limit) {
            gather(found, target, shared + 1, ROWS - 1);
        }
        for (int row = shared - 1; row >= 0 && found.size() < limit; row--) {
            gather(found, target, row, row);
        }
        return found.stream().limit(limit).map(TableNode::peer).toList();
    }

    @Nullable
    TableNode random(RandomGenerator random) {
        int skip = nodes.isEmpty() ? 0 : random.nextInt(nodes.size());
        for (List<TableNode> row : rows) {
            if (skip < row.size()) {
                return row.get(skip);
            }
            skip -= row.size();
        }
        return null;
    }

    private void gather(List<TableNode> found, NodeId target, int firstRow, int lastRow) {
        int start = found.size();
        for (int row = firstRow; row <= lastRow; row++) {
            found.addAll(rows.get(row));
        }
        Comparator<TableNode> nearest = (a, b) -> target.compareDistance(a.id, b.id);
        found.subList(start, found.size()).sort(nearest);
    }
}
