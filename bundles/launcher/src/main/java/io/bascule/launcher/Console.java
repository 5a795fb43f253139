/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** The Gogo shell on standard input and output, and its command {@code exit}. It ends the broker when it ends. */
public final class Console {
    private static final String PROFILE = "gosh_profile";

    private final Framework framework;

    private Console(Framework framework) {
        this.framework = framework;
    }

    /** Installs and starts it. */
    static void open(Framework framework, Path data) throws BundleException, IOException {
        writeProfile(data);
        BundleContext context = framework.getBundleContext();
        context.registerService(
                Console.class,
                new Console(framework),
                new Hashtable<>(Map.of("osgi.command.scope", "bascule", "osgi.command.function", "exit")));
        BundleSet.start(BundleSet.CONSOLE.install(context));
    }

    /** The command: Gogo finds it by its name. */
    public void exit() throws BundleException {
        framework.stop();
    }

    /** Where Gogo looks for its profile, below its home. */
    static Path home(Path data) {
        return data.resolve("console");
    }

    /** Gogo reads its profile, which greets and sets the prompt, from a file only. */
    private static void writeProfile(Path data) throws IOException {
        Path folder = Files.createDirectories(home(data).resolve("etc"));
        try (InputStream in = Console.class.getResourceAsStream(PROFILE)) {
            Files.copy(in, folder.resolve(PROFILE), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Whether somebody sits in front of it: standard input and output are a terminal. */
    static boolean isTerminal() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there is a console without a terminal too, and this method that tells.
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
