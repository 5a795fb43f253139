/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import io.bascule.spi.Client;

/**
 * On whose behalf something is done.
 *
 * @param trusted whether it may do everything: a bundle of this process that asked for no rights of its own
 */
public record Principal(Client client, boolean trusted) {}
