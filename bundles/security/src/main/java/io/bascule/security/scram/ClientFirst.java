/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

/**
 * The first message of a client: {@code n,,n=user,r=nonce}.
 *
 * @param gs2Header what stands before {@code bare}
 * @param userName prepared
 * @param bare what goes into the proof
 */
record ClientFirst(String gs2Header, String userName, String nonce, String bare) {
    private static final int LONGEST_NONCE = 256;

    static ClientFirst parse(byte[] message) throws BadMessageException {
        String text = Attributes.text(message);
        String[] parts = text.split(",", -1);
        if (parts.length < 4) {
            throw new BadMessageException("it has too few attributes");
        }
        if (parts[0].startsWith("p=")) {
            throw new BadMessageException("there is no channel binding");
        }
        if (!parts[0].equals("n") && !parts[0].equals("y")) {
            throw new BadMessageException("it begins neither with n nor with y");
        }
        Attributes.refuseMandatory(parts[2]);
        String userName = Attributes.name(Attributes.value(parts, 2, 'n'));
        if (!parts[1].isEmpty()
                && !Attributes.name(Attributes.value(parts, 1, 'a')).equals(userName)) {
            throw new BadMessageException("it wants to act for another user");
        }
        Attributes.checkExtensions(parts, 4, parts.length);
        String gs2Header = parts[0] + "," + parts[1] + ",";
        return new ClientFirst(
                gs2Header, userName, nonce(Attributes.value(parts, 3, 'r')), text.substring(gs2Header.length()));
    }

    private static String nonce(String nonce) throws BadMessageException {
        boolean printable = nonce.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (nonce.isEmpty() || nonce.length() > LONGEST_NONCE || !printable) {
            throw new BadMessageException("its nonce has not 1 to " + LONGEST_NONCE + " printable characters");
        }
        return nonce;
    }
}
