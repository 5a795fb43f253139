/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the store's records are made of, version by version: values to bytes and back. It never knows where a record stands.
 */
package io.bascule.store.codec;
