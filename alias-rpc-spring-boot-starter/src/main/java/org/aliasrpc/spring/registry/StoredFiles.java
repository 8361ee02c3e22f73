package org.aliasrpc.spring.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.spring.registry.TargetsFile.Target;
import org.jspecify.annotations.Nullable;

/** The files of a table: the targets, the state beside them, and what could not be used and is kept. */
final class StoredFiles {
    /** Of an entry that came from a file which does not tell. */
    private static final UUID NO_CONNECTION = new UUID(0, 0);

    private final Path targets;
    private final Path state;
    private final RegistryLimits limits;
    private final RegistrationRules rules;

    /** Content of the targets that is not all in the table, and not yet kept elsewhere; null if there is none. */
    private byte @Nullable [] toKeep;

    /**
     * @param targets an absolute path
     * @param limits how aliases must look, and for how long they are good
     */
    StoredFiles(Path targets, RegistryLimits limits) {
        this.targets = targets;
        this.state = targets.resolveSibling(targets.getFileName() + ".state");
        this.limits = limits;
        this.rules = new RegistrationRules(limits);
    }

    /**
     * What was read.
     *
     * @param aliases in their order
     * @param problems what could not be used, for people
     */
    record Loaded(List<StoredAlias> aliases, List<String> problems) {}

    /**
     * @param now from when on an alias without known deadline has its full time
     * @throws IOException if a file is there and cannot be read
     */
    Loaded load(Instant now) throws IOException {
        Map<String, StoredAlias> known = Map.of();
        try {
            known = StateFile.decode(Files.readAllBytes(state));
        } catch (NoSuchFileException e) {
            // A first start, or a bridge's file.
        }
        byte[] content;
        try {
            content = Files.readAllBytes(targets);
        } catch (NoSuchFileException e) {
            return new Loaded(List.of(), List.of());
        }
        TargetsFile.Content read = TargetsFile.decode(
                content, target -> rules.violation(target.alias(), target.hostname(), target.service()));
        List<StoredAlias> aliases = new ArrayList<>();
        for (Target target : read.targets().values()) {
            aliases.add(alias(target, known.get(target.alias()), now));
        }
        List<String> problems = new ArrayList<>(read.problems());
        if (read.damaged()) {
            aliases.addAll(others(known, read.targets()));
            problems.add(aliases.size() - read.targets().size() + " aliases were taken from " + state.getFileName());
        }
        if (!problems.isEmpty()) {
            toKeep = content;
            try {
                keep();
                problems.add("a copy of it is kept as " + kept(content).getFileName());
            } catch (IOException e) {
                problems.add("it could not be copied, and nothing is written until it can: " + e);
            }
        }
        return new Loaded(aliases, problems);
    }

    /** Of a damaged file the state beside it knows more. */
    private List<StoredAlias> others(Map<String, StoredAlias> known, Map<String, Target> read) {
        return known.values().stream()
                .filter(alias -> !read.containsKey(alias.entry().alias()) && valid(alias.entry()))
                .sorted(Comparator.comparing(alias -> alias.entry().firstSeen()))
                .toList();
    }

    private StoredAlias alias(Target target, @Nullable StoredAlias known, Instant now) {
        if (known != null && TargetsFile.target(known.entry()).equals(target) && valid(known.entry())) {
            return known;
        }
        if (known != null && known.entry().targetPublicKey().equals(target.publicKey())) {
            // The labels changed after the state was written: the rest still counts.
            AliasEntry old = known.entry();
            AliasEntry entry = new AliasEntry(
                    target.alias(),
                    target.publicKey(),
                    target.hostname(),
                    target.service(),
                    old.firstSeen(),
                    old.lastSeen(),
                    old.expiresAt(),
                    old.ownerPublicKey(),
                    old.uid());
            return new StoredAlias(entry, known.expiryTold());
        }
        // Who registered it is not known: nobody but the target itself can be taken for the owner.
        AliasEntry entry = new AliasEntry(
                target.alias(),
                target.publicKey(),
                target.hostname(),
                target.service(),
                now,
                now,
                now.plus(limits.expiry()),
                target.publicKey(),
                NO_CONNECTION);
        return new StoredAlias(entry, false);
    }

    private boolean valid(AliasEntry entry) {
        return rules.violation(entry.alias(), entry.hostname(), entry.service()).isEmpty();
    }

    /** Returns when the targets are durable. */
    void writeTargets(List<StoredAlias> aliases) throws IOException {
        keep(); // what would be lost for good
        DurableFile.write(targets, TargetsFile.encode(aliases));
    }

    /** Returns when the state is durable. */
    void writeState(List<StoredAlias> aliases) throws IOException {
        DurableFile.write(state, StateFile.encode(aliases));
    }

    private void keep() throws IOException {
        if (toKeep != null) {
            DurableFile.write(kept(toKeep), toKeep);
            toKeep = null;
        }
    }

    /** The same name for the same content, so that many starts with one bad file leave one copy. */
    private Path kept(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return targets.resolveSibling(
                    targets.getFileName() + ".rejected-" + HexFormat.of().formatHex(hash, 0, 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
