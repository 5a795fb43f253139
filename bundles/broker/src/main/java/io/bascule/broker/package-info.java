/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The broker: owns sessions, routing, retained messages, wills and their limits. It opens no socket, parses no packet and exports nothing:
 * what it offers are the services {@code Broker} and {@code MqttServer}.
 */
package io.bascule.broker;
