/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a broker is started.
 *
 * @param etc the folder of configuration files; it need not exist and is looked for again while the broker runs
 * @param data the folder that the broker writes to, made when it is missing; one broker at a time
 * @param console whether an interactive console on standard input and output is part of it
 * @param sharesApi whether the broker uses {@code io.bascule.api} of the host's class path, see {@link #sharingApi()}
 */
public record Settings(Path etc, Path data, boolean console, boolean sharesApi) {

    /** {@code etc} and {@code data} of the working directory, without a console. */
    public static final Settings DEFAULT = new Settings(Path.of("etc"), Path.of("data"), false);

    public Settings {
        etc = etc.toAbsolutePath().normalize();
        data = data.toAbsolutePath().normalize();
    }

    /** A broker that keeps its api to itself. */
    public Settings(Path etc, Path data, boolean console) {
        this(etc, data, console, false);
    }

    /**
     * The same, with one {@code io.bascule.api} for the broker and the host: that of the class path. Only so are the broker's
     * services assignable to the host's types, and the host's to the broker's. The class path needs {@code io.bascule.api} of the
     * launcher's version, in the class loader of the launcher, and no other bundle of the broker.
     */
    public Settings sharingApi() {
        return new Settings(etc, data, console, true);
    }

    /** Looks before anything runs, so that what cannot work is said in words and not by whichever bundle meets it. */
    void check() throws StartException {
        if (Files.exists(etc) && !Files.isDirectory(etc)) {
            throw new StartException("the configuration " + etc + " is a file, not a folder");
        }
        if (Files.isDirectory(etc) && !(Files.isReadable(etc) && Files.isExecutable(etc))) {
            throw new StartException("the configuration folder " + etc + " cannot be read: permission denied");
        }
    }
}
