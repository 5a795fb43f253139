/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

/** A file has something in it that nobody understands. The message is half a sentence, such as {@code line 3: …}, and tells no secret. */
public final class BadFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadFileException(String message) {
        super(message);
    }

    /** @param line counted from 1 */
    public static BadFileException at(int line, String what) {
        return new BadFileException("line " + line + ": " + what);
    }
}
