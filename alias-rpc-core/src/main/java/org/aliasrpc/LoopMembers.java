package org.aliasrpc;

import java.util.ArrayList;
import java.util.List;

/** The parts of one node that have timers, or have to know when it closes. Few: clients, servers, swarms. On the loop. */
final class LoopMembers {
    private final List<LoopMember> members = new ArrayList<>();
    private boolean closed;

    void add(LoopMember member, long nowNanos) {
        if (closed) {
            member.onNodeClosing(nowNanos);
        } else {
            members.add(member);
        }
    }

    void remove(LoopMember member) {
        members.remove(member);
    }

    long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (LoopMember member : members) {
            next = Math.min(next, member.nextTimeout());
        }
        return next;
    }

    void onTimeout(long nowNanos) {
        for (LoopMember member : List.copyOf(members)) {
            if (member.nextTimeout() <= nowNanos) {
                member.onTimeout(nowNanos);
            }
        }
    }

    /** Tells everybody, and whoever is added later. */
    void close(long nowNanos) {
        closed = true;
        List<LoopMember> told = List.copyOf(members);
        members.clear();
        told.forEach(member -> member.onNodeClosing(nowNanos));
    }
}
