/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

/** Why the broker could not start, in one sentence for whoever started it. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
