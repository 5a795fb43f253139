/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.spi.Client;
import java.util.List;
import java.util.Optional;

/**
 * On whose behalf something is done.
 *
 * @param trusted whether it may do everything: a bundle of this process that asked for no rights of its own
 * @param authorizers those who say what it may do, by the names of their services, in the order in which they are asked; empty for all that
 *     there are
 */
public record Principal(Client client, boolean trusted, Optional<List<String>> authorizers) {}
