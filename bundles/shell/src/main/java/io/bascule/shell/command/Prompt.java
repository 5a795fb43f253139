/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import java.util.Optional;

/** Asks for what nobody is to read over a shoulder or in a history. */
@FunctionalInterface
public interface Prompt {
    /** That of a shell which shows all that is typed. */
    Prompt NONE = question -> Optional.empty();

    /** What is typed, which is not shown; empty where this shell cannot do that, or nobody answers. */
    Optional<String> ask(String question);
}
