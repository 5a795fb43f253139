/* SPDX-License-Identifier: Apache-2.0 */
/** Retained messages: owns the last one of each topic, within bounds. It keeps them in memory only and sends none. */
package io.bascule.broker.retained;
