/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/**
 * The last message of a client: {@code c=biws,r=nonce,p=proof}.
 *
 * @param withoutProof what goes into the proof
 */
record ClientFinal(byte[] proof, String withoutProof) {

    /**
     * Reads it.
     *
     * @param gs2Header of the first message
     * @param nonce both parts
     */
    static ClientFinal parse(byte[] message, String gs2Header, String nonce) throws BadMessageException {
        String text = Attributes.text(message);
        String[] parts = text.split(",", -1);
        int last = parts.length - 1;
        if (last < 2) {
            throw new BadMessageException("it has too few attributes");
        }
        String binding = Base64.getEncoder().encodeToString(gs2Header.getBytes(UTF_8));
        if (!Attributes.value(parts, 0, 'c').equals(binding)) {
            throw new BadMessageException("it does not go with the beginning of the first message");
        }
        if (!Attributes.value(parts, 1, 'r').equals(nonce)) {
            throw new BadMessageException("it has another nonce");
        }
        Attributes.checkExtensions(parts, 2, last);
        return new ClientFinal(
                Attributes.base64(Attributes.value(parts, last, 'p'), Crypto.KEY_BYTES),
                text.substring(0, text.lastIndexOf(',')));
    }
}
