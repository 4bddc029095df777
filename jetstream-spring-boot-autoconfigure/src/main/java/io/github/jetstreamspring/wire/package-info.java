/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

/**
 * Internal: makes what other clients send readable for the NATS client, before it comes
 * to the client's parser.
 * <p>
 * The parser of jnats 2.26 takes header blocks of printable ASCII only. At any other one
 * its reader thread ends, while the connection stays CONNECTED and deaf. This package may
 * go when jnats reads such header blocks
 * (<a href= "https://github.com/nats-io/nats.java/pull/1316">nats.java#1316</a>), which
 * {@code ClientParserTests} notices. What it marks is read again by
 * {@code io.github.jetstreamspring.messaging.RestoredMessage}, which goes with it.
 * <p>
 * Stages: {@code GuardedConnections} puts a data port of its own between server and
 * client, {@code ProtocolFollower} finds the messages in what comes, and
 * {@code HeaderCheck} those that the client can't read. Start reading at
 * {@code GuardedConnections}.
 */
@NullMarked
package io.github.jetstreamspring.wire;

import org.jspecify.annotations.NullMarked;
