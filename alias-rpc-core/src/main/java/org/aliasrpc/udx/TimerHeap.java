package org.aliasrpc.udx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The deadlines of many streams: a binary heap in which each stream knows its place, so that changing one is cheap. */
final class TimerHeap {
    private @Nullable Entry[] heap = new Entry[16];
    private int size;

    /** The earliest deadline; {@link Long#MAX_VALUE} if there is none. */
    long earliest() {
        Entry first = heap[0];
        return first == null ? Long.MAX_VALUE : first.deadline;
    }

    /** Takes the entry with the earliest deadline out if it has come, else null. */
    @Nullable
    Entry pollDue(long nowNanos) {
        Entry first = heap[0];
        if (first == null || first.deadline > nowNanos) {
            return null;
        }
        remove(first);
        return first;
    }

    /** Sets an entry's deadline; {@link Long#MAX_VALUE} takes it out. */
    void set(Entry entry, long deadline) {
        if (deadline == Long.MAX_VALUE) {
            remove(entry);
            return;
        }
        if (entry.place >= 0) {
            if (entry.deadline != deadline) {
                entry.deadline = deadline;
                settle(entry);
            }
            return;
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        entry.deadline = deadline;
        entry.place = size;
        heap[size++] = entry;
        settle(entry);
    }

    private void remove(Entry entry) {
        if (entry.place < 0) {
            return;
        }
        Entry last = heap[--size];
        heap[size] = null;
        if (last != null && last != entry) {
            last.place = entry.place;
            heap[last.place] = last;
            settle(last);
        }
        entry.place = -1;
    }

    private void settle(Entry entry) {
        int place = entry.place;
        while (place > 0) {
            Entry parent = heap[(place - 1) / 2];
            if (parent == null || parent.deadline <= entry.deadline) {
                break;
            }
            put(place, parent);
            place = (place - 1) / 2;
        }
        while (2 * place + 1 < size) {
            int smaller = 2 * place + 1;
            if (smaller + 1 < size && deadlineAt(smaller + 1) < deadlineAt(smaller)) {
                smaller++;
            }
            Entry child = heap[smaller];
            if (child == null || child.deadline >= entry.deadline) {
                break;
            }
            put(place, child);
            place = smaller;
        }
        put(place, entry);
    }

    private long deadlineAt(int place) {
        Entry entry = heap[place];
        return entry == null ? Long.MAX_VALUE : entry.deadline;
    }

    private void put(int place, Entry entry) {
        heap[place] = entry;
        entry.place = place;
    }

    /** What has a deadline. */
    static class Entry {
        private long deadline;
        private int place = -1;
    }
}
