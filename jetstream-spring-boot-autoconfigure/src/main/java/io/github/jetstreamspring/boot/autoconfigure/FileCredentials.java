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

package io.github.jetstreamspring.boot.autoconfigure;

import java.io.IOException;

import io.nats.client.AuthHandler;
import io.nats.client.Nats;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * Credentials of a file, which is read again for each connection that is made, as a
 * platform may have put new ones there.
 */
final class FileCredentials implements AuthHandler {

	private static final Log logger = LogFactory.getLog(FileCredentials.class);

	private final Resource resource;

	private volatile AuthHandler current;

	FileCredentials(Resource resource) throws IOException {
		this.resource = resource;
		this.current = read();
	}

	private AuthHandler read() throws IOException {
		return Nats.staticCredentials(this.resource.getContentAsByteArray());
	}

	// The client asks for the id first: what follows must come from the same file
	@Override
	public char @Nullable [] getID() {
		try {
			AuthHandler read = read();
			char[] id = read.getID();
			if (id != null) {
				this.current = read;
				return id;
			}
		}
		catch (IOException | RuntimeException ex) {
			// It may be being replaced. The exception can quote the seed.
		}
		logger.warn("The credentials can't be read from %s at the moment; using those read before"
			.formatted(this.resource.getDescription()));
		return this.current.getID();
	}

	@Override
	public byte @Nullable [] sign(byte[] nonce) {
		return this.current.sign(nonce);
	}

	@Override
	public char @Nullable [] getJWT() {
		return this.current.getJWT();
	}

}
