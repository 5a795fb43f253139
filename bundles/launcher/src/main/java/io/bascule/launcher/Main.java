/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker as a program: {@code java -jar io.bascule.launcher-<version>.jar [etc folder]}. It owns the JVM. */
public final class Main {
    private static final int FAILED = 1;
    private static final int NOT_UNDERSTOOD = 2;

    private Main() {}

    /** Runs the broker in the foreground. */
    public static void main(String[] arguments) {
        CommandLine command;
        try {
            command = CommandLine.parse(List.of(arguments), Console.isTerminal());
        } catch (StartException e) {
            System.err.println("bascule: " + e.getMessage());
            System.exit(NOT_UNDERSTOOD);
            return;
        }
        if (command.help()) {
            System.out.print(CommandLine.USAGE);
        } else if (command.version()) {
            System.out.println("Bascule " + version());
        } else {
            System.exit(run(command));
        }
    }

    /** @return the exit status */
    private static int run(CommandLine command) {
        long begin = System.nanoTime();
        // Read once, by the first logger: none may be made before this.
        command.logLevel().ifPresent(level -> System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level));
        if (!Console.isTerminal()) {
            // JLine takes what there is, a pipe for one, without a warning.
            System.setProperty("org.jline.terminal.dumb", "true");
        }
        // Netty's events for Flight Recorder bring it along, recording or not: a hundred classes and some MiB.
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
        // Netty looks for lost buffers by samples, which are one or two percent of all the time; our tests look at
        // every buffer.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        Logger log = LoggerFactory.getLogger(Main.class);
        Settings settings = command.settings();
        try (Bascule broker = Bascule.start(settings)) {
            // SIGTERM and Ctrl-C: the JVM ends when this has.
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "bascule-stop"));
            log.info(
                    "Bascule {} runs on Java {} after {} ms; configuration in {}, data in {}",
                    version(),
                    Runtime.version().feature(),
                    Duration.ofNanos(System.nanoTime() - begin).toMillis(),
                    settings.etc(),
                    settings.data());
            broker.await();
            return 0;
        } catch (StartException e) {
            log.debug("did not start", e);
            System.err.println("bascule: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            // Nobody interrupts the main thread; if somebody does, it is to end.
            return FAILED;
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not built)" : version;
    }
}
