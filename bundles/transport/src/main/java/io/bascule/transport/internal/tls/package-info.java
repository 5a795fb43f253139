/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a listener needs for TLS: reads keys, certificates and revocation lists from files, watches those, and makes of them what handshakes
 * use. It knows no connection.
 */
package io.bascule.transport.internal.tls;
