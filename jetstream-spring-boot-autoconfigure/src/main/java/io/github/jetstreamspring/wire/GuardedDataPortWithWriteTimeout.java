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

package io.github.jetstreamspring.wire;

import java.io.IOException;

import io.nats.client.Options;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Socket of a connection whose writes have a timeout, on which the client reads whatever
 * other clients send.
 *
 * @since 0.1.0
 */
public class GuardedDataPortWithWriteTimeout extends SocketDataPortWithWriteTimeout {

	// Set before anything is read
	private @Nullable MessageGuard guard;

	@Override
	public void afterConstruct(Options options) {
		super.afterConstruct(options);
		this.guard = new MessageGuard(new Handshake(super::read), options.getMaxControlLine(), Incoming.of(options));
	}

	@Override
	public int read(byte[] dst, int off, int len) throws IOException {
		MessageGuard current = this.guard;
		return (current != null) ? current.read(dst, off, len) : super.read(dst, off, len);
	}

}
