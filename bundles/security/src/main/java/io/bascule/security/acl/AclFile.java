/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.security.acl.RuleTree.Applied;
import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileFormat;
import io.bascule.spi.Client;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an ACL file says. Ours and Mosquitto's begin each line with words that the other does not have, so the first line tells which it is.
 * What it says of a client is worked out when that client is asked about for the first time. Safe for use by several threads.
 */
final class AclFile {
    static final FileFormat<AclFile> FORMAT = new Format();

    /** Rules that are kept for clients; when there are more, what was worked out for those who are here is so again. */
    private static final int MOST_KEPT = 250_000;
    /** So that client ids, which may be long and are somebody else's choice, count with the rules. */
    private static final int CHARACTERS_A_RULE = 64;

    private final List<Rule> rules;
    private final RuleTree everybodys = new RuleTree();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<BitSet, RuleTree> shared = new ConcurrentHashMap<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** What was worked out, and for which connection of a client. */
    private static final class Known {
        final Client client;
        final Rights rights;

        Known(Client client, Rights rights) {
            this.client = client;
            this.rights = rights;
        }
    }

    /** @param rules the first that fits decides */
    AclFile(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (isEverybodys(rule)) {
                everybodys.add(new Applied(i, rule, rule.pattern().levels()));
            }
        }
    }

    private static boolean isEverybodys(Rule rule) {
        return rule.who().isEverybody() && !rule.pattern().hasNames();
    }

    int size() {
        return rules.size();
    }

    /** What it says of this client. */
    Rights rightsOf(Client client) {
        Known found = known.get(client.clientId());
        if (found != null && found.client == client) {
            return found.rights;
        }
        if (kept.get() > MOST_KEPT) {
            known.clear();
            shared.clear();
            kept.set(0);
        }
        Rights rights = workOut(client);
        known.put(client.clientId(), new Known(client, rights));
        return rights;
    }

    private Rights workOut(Client client) {
        BitSet likes = new BitSet(rules.size());
        RuleTree own = new RuleTree();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            int number = i;
            if (!isEverybodys(rule) && rule.who().includes(client)) {
                if (rule.pattern().hasNames()) {
                    rule.pattern()
                            .levelsFor(client, rule.allow())
                            .ifPresent(levels -> own.add(new Applied(number, rule, levels)));
                } else {
                    likes.set(i);
                }
            }
        }
        kept.addAndGet(1 + own.size() + client.clientId().length() / CHARACTERS_A_RULE);
        return new Rights(everybodys, shared.computeIfAbsent(likes, this::tree), own);
    }

    private RuleTree tree(BitSet numbers) {
        RuleTree tree = new RuleTree();
        numbers.stream()
                .forEach(i -> tree.add(
                        new Applied(i, rules.get(i), rules.get(i).pattern().levels())));
        kept.addAndGet(tree.size());
        return tree;
    }

    private static final class Format implements FileFormat<AclFile> {
        @Override
        public String kind() {
            return "acl-file";
        }

        @Override
        public boolean secret() {
            return false;
        }

        @Override
        public AclFile parse(String text) throws BadFileException {
            List<String> lines = text.lines().map(String::strip).toList();
            String first = lines.stream()
                    .filter(Format::says)
                    .findFirst()
                    .map(line -> line.split(" ", 2)[0])
                    .orElse("");
            LineReader reader = MosquittoLines.WORDS.contains(first) ? new MosquittoLines() : new OwnLines();
            for (int i = 0; i < lines.size(); i++) {
                if (says(lines.get(i))) {
                    try {
                        reader.read(i + 1, lines.get(i));
                    } catch (IllegalArgumentException e) {
                        throw BadFileException.at(i + 1, e.getMessage());
                    }
                }
            }
            return new AclFile(reader.rules());
        }

        private static boolean says(String line) {
            return !line.isEmpty() && !line.startsWith("#");
        }

        @Override
        public String describe(AclFile content) {
            int rules = content.size();
            return rules + (rules == 1 ? " rule" : " rules");
        }
    }
}
