/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM file (RFC 7468).
 *
 * @param label what it is, such as {@code CERTIFICATE}
 * @param headers whether lines of the kind {@code Name: value} precede the content, as in keys that are encrypted in the traditional way
 * @param content decoded; empty where there are headers
 */
record Pem(String label, boolean headers, byte[] content) {
    static final int MOST_BYTES = 1024 * 1024;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /** All blocks of a file; what stands between them is a remark. */
    static List<Pem> read(Path file) throws UnusableFileException {
        return parse(file, BoundedFile.read(file, MOST_BYTES));
    }

    /** All blocks of what a file holds. */
    static List<Pem> parse(Path file, byte[] bytes) throws UnusableFileException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Pem> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(begin + BEGIN.length(), labelEnd);
            int end = text.indexOf("-----END " + label + DASHES, begin);
            if (labelEnd < 0 || end < 0) {
                throw new UnusableFileException(file, "ends in the middle of a PEM block");
            }
            blocks.add(block(file, label, text.substring(labelEnd + DASHES.length(), end)));
            begin = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    private static Pem block(Path file, String label, String body) throws UnusableFileException {
        if (body.indexOf(':') >= 0) {
            return new Pem(label, true, new byte[0]);
        }
        try {
            return new Pem(label, false, Base64.getDecoder().decode(body.replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException(file, "has a PEM block " + label + " that is not Base64", e);
        }
    }
}
