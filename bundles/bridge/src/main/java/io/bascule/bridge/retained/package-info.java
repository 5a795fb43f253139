/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the routes with {@code retain=diff} remember of the retained messages that have crossed, in memory and in a file. It never says that the other
 * side has what it may not have.
 */
package io.bascule.bridge.retained;
