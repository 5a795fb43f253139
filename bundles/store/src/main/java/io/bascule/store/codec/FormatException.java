/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

/** What is in a record is not what this release writes. */
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FormatException(String message) {
        super(message);
    }
}
