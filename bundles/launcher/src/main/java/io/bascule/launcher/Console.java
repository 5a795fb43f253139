/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;

/** The Gogo shell on standard input and output, and its command {@code exit}. It ends the broker when it ends. */
public final class Console {
    private static final String PROFILE = "gosh_profile";

    private final Framework framework;
    private final List<Bundle> bundles;

    private Console(Framework framework, List<Bundle> bundles) {
        this.framework = framework;
        this.bundles = bundles;
    }

    /** Installs it and registers {@code exit}. */
    static Console install(Framework framework, Path data) throws BundleException, IOException {
        writeProfile(data);
        BundleContext context = framework.getBundleContext();
        Console console = new Console(framework, BundleSet.CONSOLE.install(context));
        context.registerService(
                Console.class,
                console,
                new Hashtable<>(Map.of("osgi.command.scope", "bascule", "osgi.command.function", "exit")));
        return console;
    }

    /** Opens it. */
    void start() throws BundleException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        Bundle jline = bundles.stream()
                .filter(bundle -> bundle.getSymbolicName().equals("org.jline"))
                .findFirst()
                .orElseThrow();
        jline.start();
        // Where JLine looks for its ways to a terminal: without one it sees neither Ctrl-C nor arrow keys.
        thread.setContextClassLoader(jline.adapt(BundleWiring.class).getClassLoader());
        try {
            BundleSet.start(bundles);
        } finally {
            thread.setContextClassLoader(before);
        }
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
