/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Ports;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Drops thousands of clients over TLS at once and has them return at once, each with a full handshake of TLS 1.3 by the JDK's provider and a key of
 * ECDSA P-256, while a hundred others go on at QoS 1 on a listener without TLS, and prints what those felt.
 *
 * <pre>
 * java -Xmn512m -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.storm.TlsStorm \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code clients=10000} that drop and return, {@code pairs=50} of steady publishers and subscribers, {@code rate=1000} messages/s
 * among them in all, {@code rounds=3}, {@code quiet=10} seconds of the phase that the others are compared with, {@code pin=true} to part
 * broker and generator by processor, {@code jvm=-Xmx1g} options for the broker's JVM, separated by spaces. It takes two open files a client, one in
 * each process.
 */
public final class TlsStorm {
    private static final int PAYLOAD_BYTES = 64;
    private static final String STORM_THREAD = "storm";

    private final BrokerProcess broker;
    private final Options options;
    private final Traffic steady;
    private final TlsClients clients;
    private double quietP99;

    private TlsStorm(BrokerProcess broker, Options options, Traffic steady, TlsClients clients) {
        this.broker = broker;
        this.options = options;
        this.steady = steady;
        this.clients = clients;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(
                List.of("clients=10000", "pairs=50", "rate=1000", "rounds=3", "quiet=10", "pin=true", "jvm=-Xmx1g"),
                arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description());
        X509Bundle identity = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .algorithm(Algorithm.ecp256)
                .notAfter(Instant.now().plus(Duration.ofDays(1)))
                .buildSelfSigned();
        Path folder = Files.createTempDirectory("bascule-storm");
        Path certificate = Files.writeString(folder.resolve("server.pem"), identity.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("server.key"), identity.getPrivateKeyPEM());
        InetSocketAddress tls = Ports.free();
        Map<String, String> configuration = Map.of(
                "io.bascule.listener-tls.cfg",
                "protocol = mqtts\nport = " + tls.getPort() + "\ntls.certificate = " + certificate + "\ntls.key = "
                        + key + "\n");
        SslContext context = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .trustManager(identity.toTrustManagerFactory())
                .endpointIdentificationAlgorithm(null)
                .protocols("TLSv1.3")
                .build();
        Traffic.Shape shape =
                new Traffic.Shape("steady", options.number("pairs"), 1, 1, PAYLOAD_BYTES, options.number("rate"));
        try (BrokerProcess broker =
                        new BrokerProcess(Path.of(arguments[0]), cores, options.text("jvm"), configuration);
                Traffic steady = new Traffic(broker.address(), shape);
                TlsClients clients = new TlsClients(
                        tls, context, options.number("clients"), task -> new Thread(task, STORM_THREAD))) {
            steady.start();
            new TlsStorm(broker, options, steady, clients).measure();
        } finally {
            Files.delete(certificate);
            Files.delete(key);
            Files.delete(folder);
        }
        System.out.println(Load.account(before));
    }

    private void measure() throws Exception {
        System.out.println(
                "| phase | steady p50, ms | p99, ms | max, ms | p99 / quiet p99 | sent late p99, ms | all back after, s"
                        + " | handshakes/s | back | tried again | broker CPU, s | RSS, MiB |\n|---|---|---|---|---|---|---|---|---|---|---|---|");
        clients.arrive(); // warms up
        Cores.yieldToAll(STORM_THREAD); // those who return are not to hold up those who measure
        clients.drop();
        TimeUnit.SECONDS.sleep(options.number("quiet"));
        quiet("quiet, steady clients alone");
        for (int round = 1; round <= options.number("rounds"); round++) {
            arrive(round);
            quiet("quiet, all connected");
            clients.drop();
            TimeUnit.SECONDS.sleep(1);
        }
        steady.drain();
        System.out.println(steady.account());
    }

    private void quiet(String name) throws Exception {
        Traffic.Felt felt = steady.begin();
        double cpu = cpu();
        TimeUnit.SECONDS.sleep(options.number("quiet"));
        print(name, felt, cpu, "- | - | - | -");
    }

    private void arrive(int round) throws Exception {
        Traffic.Felt felt = steady.begin();
        double cpu = cpu();
        double seconds = clients.arrive();
        print(
                "all return " + round,
                felt,
                cpu,
                String.format(
                        "%.1f | %.0f | %d | %d",
                        seconds, clients.connected() / seconds, clients.connected(), clients.failed()));
    }

    private double cpu() {
        return broker.cpu().toMillis() / 1e3;
    }

    private void print(String name, Traffic.Felt felt, double cpuBefore, String others) throws Exception {
        double cpu = cpu() - cpuBefore;
        steady.begin();
        TimeUnit.SECONDS.sleep(1); // what was due in this phase arrives yet
        double p99 = felt.latencies().millisAt(0.99);
        quietP99 = quietP99 == 0 ? p99 : quietP99;
        System.out.printf(
                "| %s | %s | %.1f | %.2f | %s | %.1f | %.0f |%n",
                name,
                felt.latencies().cells(),
                p99 / quietP99,
                felt.lateness().millisAt(0.99),
                others,
                cpu,
                broker.vitals().residentMiB());
    }
}
