/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client's end of a TLS connection, JSSE's. */
final class TlsClient implements AutoCloseable {
    static final byte[] CONNECT = TestServer.bytes(0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');
    static final byte[] CONNACK = TestServer.bytes(0x20, 2, 0, 0);
    static final byte[] PINGREQ = TestServer.bytes(0xC0, 0);

    final SSLSocket socket;

    private TlsClient(SSLSocket socket) {
        this.socket = socket;
    }

    /** Has a TCP connection, and no handshake yet. */
    static TlsClient tcp(SSLContext context, int port, String... versions) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(8000);
        if (versions.length > 0) {
            socket.setEnabledProtocols(versions);
        }
        return new TlsClient(socket);
    }

    /** Has got through the handshake, and has room for little of what the server sends. */
    static TlsClient connectWithLittleRoom(SSLContext context, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(8000);
        socket.startHandshake();
        return new TlsClient(socket);
    }

    /** Has got through the handshake; with a certificate of TLS 1.3 only as far as it knows. */
    static TlsClient connect(SSLContext context, int port, String... versions) throws IOException {
        TlsClient client = tcp(context, port, versions);
        client.socket.startHandshake();
        return client;
    }

    /** The same for a client that names the host it wants. */
    static TlsClient connectTo(String host, SSLContext context, int port) throws IOException {
        TlsClient client = tcp(context, port);
        SSLParameters parameters = client.socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        client.socket.setSSLParameters(parameters);
        client.socket.startHandshake();
        return client;
    }

    /** By whom the server says it is. */
    String server() throws IOException {
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName().replace("CN=", "");
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends CONNECT, and waits for its answer. */
    TlsClient mqtt() throws IOException {
        send(CONNECT);
        assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(CONNACK);
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
