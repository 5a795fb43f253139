/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.api.Users;
import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.NewContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The users of a password file; changes are made one at a time, line by line, and leave the other lines as they are. */
final class FileUsers implements Users {
    private static final int MOST_BYTES = 65_535;

    private final FileProvider<PasswordFile> provider;
    private final Executor executor;

    /** @param executor one thread, that of whoever watches the file */
    FileUsers(FileProvider<PasswordFile> provider, Executor executor) {
        this.provider = provider;
        this.executor = executor;
    }

    /** What becomes of the lines of the file. */
    private interface Edit {
        /** @param at the place of the user's line, -1 where he has none */
        void apply(List<String> lines, int at);
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public List<String> userNames() {
        return provider.content().map(PasswordFile::userNames).orElse(List.of());
    }

    @Override
    public CompletionStage<Void> add(String userName, byte[] password) {
        return edit(userName, (lines, at) -> {
            if (at >= 0) {
                throw new IllegalArgumentException("there is a user " + userName + " already");
            }
            lines.add(line(userName, password));
        });
    }

    @Override
    public CompletionStage<Void> changePassword(String userName, byte[] password) {
        return edit(userName, (lines, at) -> lines.set(present(userName, at), line(userName, password)));
    }

    @Override
    public CompletionStage<Void> remove(String userName) {
        return edit(userName, (lines, at) -> lines.remove(present(userName, at)));
    }

    private static int present(String userName, int at) {
        if (at < 0) {
            throw new IllegalArgumentException("there is no user " + userName);
        }
        return at;
    }

    private static String line(String userName, byte[] password) {
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
        return userName + ":" + Argon2idHash.of(password);
    }

    private CompletionStage<Void> edit(String userName, Edit edit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    write(userName, edit);
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
            List<String> lines = lines();
            edit.apply(lines, at(lines, userName));
            String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
            PasswordFile.FORMAT.parse(text);
            NewContent.write(provider.config().file(), text);
        } catch (BadFileException e) {
            throw new IOException("the file is not changed, since it is broken: " + e.getMessage(), e);
        }
        provider.take();
    }

    private List<String> lines() throws IOException, BadFileException {
        try {
            return new ArrayList<>(provider.text().lines().toList());
        } catch (NoSuchFileException e) {
            return new ArrayList<>();
        }
    }

    private static int at(List<String> lines, String userName) {
        for (int i = 0; i < lines.size(); i++) {
            int colon = lines.get(i).indexOf(':');
            if (colon >= 0
                    && !lines.get(i).startsWith("#")
                    && lines.get(i).substring(0, colon).strip().equals(userName)) {
                return i;
            }
        }
        return -1;
    }
}
