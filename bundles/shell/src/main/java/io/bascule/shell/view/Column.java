/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.util.function.Function;

/**
 * A column of a {@link Table}.
 *
 * @param key its name in JSON
 * @param title its head in text
 * @param value what stands in it for an item
 */
public record Column<T>(String key, String title, Function<T, Object> value) {}
