/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;
import static org.ops4j.pax.exam.CoreOptions.vmOption;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import io.bascule.api.Bridge;
import io.bascule.api.Listener;
import io.bascule.api.ListenerStatus;
import io.bascule.itests.secrets.Canary;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.support.parsing.CommandLineImpl;
import org.junit.After;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A test class that runs inside the distribution which this build has assembled. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public abstract class InKaraf {
    /** How long a change of a file may take to count: the folder is read once a second. */
    protected static final Duration TO_NOTICE = Duration.ofSeconds(20);

    private static final long BOOT_TIMEOUT_MILLIS = 90_000;
    private static final String PORT = "itests.port";
    private static final String SECRET = "itests.secret";

    /** The module options of bin/karaf, which Pax Exam does not pass. */
    private static final String[] MODULES = {
        "--add-reads=java.xml=java.logging",
        "--add-exports=java.base/org.apache.karaf.specs.locator=java.xml,ALL-UNNAMED",
        "--patch-module=java.base=lib/endorsed/org.apache.karaf.specs.locator-%s.jar",
        "--patch-module=java.xml=lib/endorsed/org.apache.karaf.specs.java.xml-%s.jar",
        "--add-opens=java.base/java.security=ALL-UNNAMED",
        "--add-opens=java.base/java.net=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED",
        "--add-opens=java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.file=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.http=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.https=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.jar=ALL-UNNAMED",
        "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
    };

    @Inject
    protected BundleContext context;

    @Inject
    private BootFinished bootFinished;

    @Inject
    private SessionFactory sessions;

    private final List<Path> written = new ArrayList<>();

    /** It may still be about to open when everything else has started. */
    @Before
    public final void awaitListener() throws Exception {
        Waiting.eventually(TO_NOTICE, "the default listener is open", () -> {
            for (ServiceReference<Listener> reference : context.getServiceReferences(Listener.class, null)) {
                Listener listener = context.getService(reference);
                if (listener != null && listener.status().state() == ListenerStatus.State.OPEN) {
                    return true;
                }
            }
            return false;
        });
    }

    /** Leaves the files of the distribution alone behind, also when the test has failed. */
    @After
    public void deleteWritten() throws Exception {
        for (Path file : written) {
            Files.deleteIfExists(file);
        }
        Waiting.eventually(
                TO_NOTICE,
                "the default listener is alone",
                () -> context.getServiceReferences(Listener.class, null).size() == 1
                        && context.getServiceReferences(Bridge.class, null).isEmpty());
    }

    /** The distribution as it is, but for the port of its listener. */
    @Configuration
    public Option[] distribution() {
        int port = Sockets.freePort();
        return options(
                karafDistributionConfiguration()
                        .frameworkUrl(new File(System.getProperty("karaf.distribution"))
                                .toURI()
                                .toString())
                        .name("bascule")
                        .useDeployFolder(false)
                        .unpackDirectory(new File(System.getProperty("work"), "exam")),
                keepRuntimeFolder(),
                configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                systemTimeout(BOOT_TIMEOUT_MILLIS),
                editConfigurationFilePut("etc/io.bascule.listener-default.cfg", "port", String.valueOf(port)),
                editConfigurationFilePut(
                        "etc/org.ops4j.pax.url.mvn.cfg",
                        "org.ops4j.pax.url.mvn.localRepository",
                        System.getProperty("maven.repository")),
                vmOption("-Xmx256m"),
                vmOption("-D" + PORT + "=" + port),
                vmOption("-Dbascule.transport=" + System.getProperty("bascule.transport", "")),
                vmOption("-D" + SECRET + "=" + Canary.secret("karaf")),
                composite(Stream.of(MODULES)
                        .map(option -> vmOption(option.formatted(System.getProperty("karaf.version"))))
                        .toArray(Option[]::new)));
    }

    /** The port of the listener {@code default}. */
    protected static int port() {
        return Integer.getInteger(PORT);
    }

    /** What may be seen nowhere, in no output and in no file below Karaf's folder once the test is over. */
    protected static String secret() {
        return System.getProperty(SECRET);
    }

    /** Runs a line on the console, and returns what it printed. */
    protected String execute(String line) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
                Session session = sessions.create(System.in, out, out)) {
            session.execute(line);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The command of a name as {@code mqtt:status}, as it is registered now. */
    protected Command command(String name) {
        try (Session session = sessions.create(System.in, System.out, System.out)) {
            String[] parts = name.split(":");
            return session.getRegistry().getCommand(parts[0], parts[1]);
        }
    }

    /** What Tab offers at the end of a command and its options. */
    protected List<String> complete(String... words) {
        Command command = command(words[0]);
        try (Session session = sessions.create(System.in, System.out, System.out)) {
            List<String> offered = new ArrayList<>();
            String line = String.join(" ", words);
            int last = words.length - 1;
            command.getCompleter(false)
                    .complete(
                            session,
                            new CommandLineImpl(words, last, words[last].length(), line.length(), line),
                            offered);
            return offered;
        }
    }

    /** Writes a file into {@code etc} as an operator should: elsewhere, and then into its place. It goes with the test. */
    protected Path writeToEtc(String name, String content) throws IOException {
        Path etc = Path.of(System.getProperty("karaf.etc"));
        Path temporary = Files.writeString(etc.resolve("." + name + ".tmp"), content);
        Path file = Files.move(temporary, etc.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        written.add(file);
        return file;
    }
}
