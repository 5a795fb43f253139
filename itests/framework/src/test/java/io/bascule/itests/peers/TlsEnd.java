/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The JDK's TLS in front of another port of loopback, which notes what it was asked for. */
public final class TlsEnd implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final int target;
    private final SSLServerSocket server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /**
     * What came of a handshake.
     *
     * @param serverNames whom the other end asked for
     * @param protocol by ALPN, empty where none was agreed on
     */
    public record Asked(List<String> serverNames, String protocol, String version) {}

    /**
     * Listens on a free port.
     *
     * @param protocols that it takes by ALPN, the most wanted first
     */
    public TlsEnd(SelfSigned identity, int target, List<String> versions, List<String> protocols)
            throws IOException, GeneralSecurityException {
        this.target = target;
        this.server = (SSLServerSocket)
                context(identity).getServerSocketFactory().createServerSocket(0, BACKLOG, Ports.loopback());
        SSLParameters parameters = server.getSSLParameters();
        parameters.setProtocols(versions.toArray(String[]::new));
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        server.setSSLParameters(parameters);
        start(this::accept);
    }

    private static SSLContext context(SelfSigned identity) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(identity.keyStore())) {
            store.load(in, SelfSigned.PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, SelfSigned.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** One for each handshake that came to an end. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "TLS end");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket near = (SSLSocket) server.accept();
                start(() -> serve(near));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SSLSocket near) {
        try (near) {
            near.startHandshake();
            ExtendedSSLSession session = (ExtendedSSLSession) near.getSession();
            asked.add(new Asked(
                    session.getRequestedServerNames().stream().map(TlsEnd::text).toList(),
                    near.getApplicationProtocol(),
                    session.getProtocol()));
            try (Socket far = new Socket(Ports.loopback(), target)) {
                start(() -> carry(far, near));
                near.getInputStream().transferTo(far.getOutputStream());
            }
        } catch (IOException e) {
            // One of the ends has gone, or does not like the other.
        }
    }

    private static String text(SNIServerName name) {
        return new SNIHostName(name.getEncoded()).getAsciiName();
    }

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of the ends has gone, and takes the other with it.
        }
    }

    /** Nobody new gets through; connections that are open end with their ends. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
