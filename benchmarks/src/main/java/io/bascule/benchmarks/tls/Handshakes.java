/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.tls;

import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Histogram;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many full handshakes of TLS 1.3 a listener does in a second, with the JDK's TLS and with BoringSSL, with keys of both kinds, and what each costs. The clients
 * resume nothing, and go as soon as a handshake is over.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.tls.Handshakes - [key=value ...]
 * </pre>
 *
 * Keys: {@code clients=32} at a time, {@code seconds=10} of each row after as many to warm up, {@code pin=true} to part listener and generator by
 * processor. The generator has BoringSSL where that is to be had, so that it costs less than what it measures.
 */
public final class Handshakes {
    private static final Duration DAY = Duration.ofDays(1);

    private final Options options;
    private final Cores cores;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SslContext clients;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Histogram felt = new Histogram();
    private volatile boolean over;

    private Handshakes(Options options, Cores cores, X509Bundle authority) throws Exception {
        this.options = options;
        this.cores = cores;
        this.clients = SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .trustManager(authority.toTrustManagerFactory())
                .endpointIdentificationAlgorithm(null)
                .protocols("TLSv1.3")
                .build();
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(List.of("clients=32", "seconds=10", "pin=true"), arguments);
        String before = Load.now();
        Cores cores = Cores.divide(options.flag("pin"));
        System.out.println("load average " + before + "; " + cores.description());
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        System.out.println(
                "| provider | key | handshakes/s | p50, ms | p99, ms | max, ms | listener CPU a handshake, ms | failed |\n|---|---|---|---|---|---|---|---|");
        for (Algorithm algorithm : List.of(Algorithm.ecp256, Algorithm.rsa2048)) {
            X509Bundle identity = new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .algorithm(algorithm)
                    .notAfter(Instant.now().plus(DAY))
                    .buildIssuedBy(authority);
            for (String provider : OpenSsl.isAvailable() ? List.of("jdk", "boringssl") : List.of("jdk")) {
                new Handshakes(options, cores, authority).row(provider, algorithm, identity);
            }
        }
        System.out.println(Load.account(before));
    }

    private void row(String provider, Algorithm algorithm, X509Bundle identity) throws Exception {
        Path folder = Files.createTempDirectory("bascule-handshakes");
        Path certificate = Files.writeString(folder.resolve("server.pem"), identity.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("server.key"), identity.getPrivateKeyPEM());
        Process server = start(List.of(
                "protocol=mqtts", "tls.provider=" + provider, "tls.certificate=" + certificate, "tls.key=" + key));
        try {
            int port = Integer.parseInt(
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
            for (int i = 0; i < options.number("clients"); i++) {
                next(port);
            }
            TimeUnit.SECONDS.sleep(options.number("seconds"));
            felt = new Histogram();
            long begin = System.nanoTime();
            Duration cpu = cpu(server);
            TimeUnit.SECONDS.sleep(options.number("seconds"));
            Histogram measured = felt;
            felt = new Histogram();
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpuMillis = cpu(server).minus(cpu).toNanos() / 1e6;
            System.out.printf(
                    "| %s | %s | %.0f | %s | %.2f | %d |%n",
                    provider,
                    algorithm,
                    measured.count() / seconds,
                    measured.cells(),
                    cpuMillis / measured.count(),
                    failures.get());
        } finally {
            over = true;
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
            server.destroy();
            server.waitFor();
            Files.delete(certificate);
            Files.delete(key);
            Files.delete(folder);
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private Process start(List<String> configuration) throws IOException {
        List<String> command = new ArrayList<>(cores.brokerPrefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), HandshakeServer.class.getName()));
        command.addAll(configuration);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void next(int port) {
        long begin = System.nanoTime();
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.SO_LINGER, 0) // leaves no port behind in TIME_WAIT
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler tls = clients.newHandler(channel.alloc(), "localhost", port);
                        channel.pipeline().addLast(tls, new QuietEnd());
                        tls.handshakeFuture().addListener(done -> {
                            if (done.isSuccess()) {
                                felt.record(System.nanoTime() - begin);
                            } else if (!over) {
                                failures.incrementAndGet();
                            }
                            channel.close();
                        });
                        channel.closeFuture().addListener(closed -> {
                            if (!over) {
                                next(port);
                            }
                        });
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Failures are counted, and not logged. */
    private static final class QuietEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
