/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

/** Whether somebody may do something. */
public enum Verdict {
    ALLOWED,
    DENIED,
    /** Somebody who is to say so is missing. It is neither allowed nor denied, and to be asked again. */
    UNDECIDED
}
