package org.aliasrpc.udx;

import org.jspecify.annotations.Nullable;

/** Streams by local id: a hash table of its own, as one look-up a packet with boxed keys is felt. */
final class StreamTable {
    private static final int SMALLEST = 16;

    private @Nullable StreamCore[] slots = new StreamCore[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    StreamCore get(int id) {
        int mask = slots.length - 1;
        for (int slot = slot(id, mask); ; slot = (slot + 1) & mask) {
            StreamCore stream = slots[slot];
            if (stream == null || stream.localId == id) {
                return stream;
            }
        }
    }

    /** Adds a stream whose id is not in use. */
    void add(StreamCore stream) {
        if (2 * (size + 1) > slots.length) {
            resize(2 * slots.length);
        }
        insert(stream);
        size++;
    }

    void remove(int id) {
        int mask = slots.length - 1;
        int slot = slot(id, mask);
        StreamCore found;
        while ((found = slots[slot]) != null && found.localId != id) {
            slot = (slot + 1) & mask;
        }
        if (found == null) {
            return;
        }
        slots[slot] = null;
        size--;
        // What follows in the same run may have been pushed there by the removed one: put it in anew.
        for (int next = (slot + 1) & mask; ; next = (next + 1) & mask) {
            StreamCore moved = slots[next];
            if (moved == null) {
                break;
            }
            slots[next] = null;
            insert(moved);
        }
        if (slots.length > SMALLEST && 8 * size < slots.length) {
            resize(slots.length / 2);
        }
    }

    private void resize(int length) {
        @Nullable StreamCore[] old = slots;
        slots = new StreamCore[length];
        for (StreamCore stream : old) {
            if (stream != null) {
                insert(stream);
            }
        }
    }

    private void insert(StreamCore stream) {
        int mask = slots.length - 1;
        int slot = slot(stream.localId, mask);
        while (slots[slot] != null) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = stream;
    }

    private static int slot(int id, int mask) {
        int mixed = id * 0x9e3779b9; // ids of tests are small numbers
        return (mixed ^ mixed >>> 16) & mask;
    }
}
