/* SPDX-License-Identifier: Apache-2.0 */
/** What a bridge is told to do: one immutable definition, read from a component's properties with every error in words. */
package io.bascule.bridge.config;
