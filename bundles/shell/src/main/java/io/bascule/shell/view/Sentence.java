/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.util.Map;

/**
 * What became of an action.
 *
 * @param text for people
 * @param data the same for programs
 */
public record Sentence(String text, Map<String, Object> data) implements View {}
