/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.users;

import io.bascule.api.Users;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The users of a file; changes are made one at a time, line by line, and leave the other lines as they are. */
public final class FileUsers<T extends UserFile> implements Users {
    private static final int MOST_BYTES = 65_535;

    private final FileProvider<T> provider;
    private final Hashing hashing;
    private final Executor executor;

    /** @param executor one thread, that of whoever watches the file; an edit may keep it for some seconds */
    public FileUsers(FileProvider<T> provider, Hashing hashing, Executor executor) {
        this.provider = provider;
        this.hashing = hashing;
        this.executor = executor;
    }

    /** What becomes of the lines of the file. */
    private interface Edit {
        /**
         * Makes it.
         *
         * @param userName as it counts
         * @param at the place of the user's line, -1 where he has none
         */
        void apply(List<String> lines, String userName, int at);
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public List<String> userNames() {
        return provider.content().map(UserFile::userNames).orElse(List.of());
    }

    @Override
    public CompletionStage<Void> add(String userName, byte[] password) {
        return edit(AuditEvent.USER_ADDED, userName, (lines, name, at) -> {
            if (at >= 0) {
                throw new IllegalArgumentException("there is a user " + name + " already");
            }
            lines.add(line(name, password));
        });
    }

    @Override
    public CompletionStage<Void> changePassword(String userName, byte[] password) {
        return edit(
                AuditEvent.USER_PASSWORD,
                userName,
                (lines, name, at) -> lines.set(present(name, at), line(name, password)));
    }

    @Override
    public CompletionStage<Void> remove(String userName) {
        return edit(AuditEvent.USER_REMOVED, userName, (lines, name, at) -> lines.remove(present(name, at)));
    }

    private static int present(String userName, int at) {
        if (at < 0) {
            throw new IllegalArgumentException("there is no user " + userName);
        }
        return at;
    }

    private String line(String userName, byte[] password) {
        if (userName.isEmpty()
                || !userName.equals(userName.strip())
                || userName.startsWith("#")
                || userName.indexOf(':') >= 0
                || userName.chars().anyMatch(Character::isISOControl)
                || userName.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a user name of a password file has no colon and no control character, does not"
                            + " begin with # or a blank nor end with one, and takes 1 to " + MOST_BYTES + " bytes");
        }
        if (password.length == 0 || password.length > MOST_BYTES) {
            throw new IllegalArgumentException("a password has 1 to " + MOST_BYTES + " bytes");
        }
        return userName + ":" + hashing.hash(password);
    }

    private CompletionStage<Void> edit(AuditEvent event, String userName, Edit edit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    write(userName, edit);
                    Audit.record(event, entry -> entry.provider(name()).user(Optional.of(userName)));
                    done.complete(null);
                } catch (IOException | RuntimeException | LinkageError e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new IllegalStateException("the password file " + name() + " is closed", e));
        }
        return done;
    }

    private void write(String userName, Edit edit) throws IOException {
        try {
            provider.edit(text -> {
                List<String> lines = new ArrayList<>(text.lines().toList());
                String name = hashing.userName(userName);
                edit.apply(lines, name, at(lines, name));
                hashing.complete(lines);
                return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
            });
        } catch (BadFileException e) {
            throw new IOException("the file is not changed, since it is broken: " + e.getMessage(), e);
        }
    }

    private int at(List<String> lines, String userName) {
        for (int i = 0; i < lines.size(); i++) {
            String written = UserLines.userOf(lines.get(i));
            if (!written.isEmpty() && hashing.userName(written).equals(userName)) {
                return i;
            }
        }
        return -1;
    }
}
