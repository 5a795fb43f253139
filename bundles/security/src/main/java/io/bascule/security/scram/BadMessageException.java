/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

/** A client's message is none of SCRAM, or asks for what there is not. The message says what, and nothing that stands in it. */
final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    BadMessageException(String message) {
        super(message);
    }
}
