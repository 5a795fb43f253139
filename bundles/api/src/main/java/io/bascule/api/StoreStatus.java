/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.Optional;

/**
 * How a store stands at one moment.
 *
 * @param folder the absolute path of its folder
 * @param durability when something counts as safe, and so is acknowledged: {@code fsync}, {@code flush} or {@code memory}
 * @param whyNotOpen why it is not open, in words; empty where it is
 * @param figures those of the open store; empty where it is not
 */
public record StoreStatus(
        String folder, String durability, Optional<String> whyNotOpen, Optional<StoreFigures> figures) {}
