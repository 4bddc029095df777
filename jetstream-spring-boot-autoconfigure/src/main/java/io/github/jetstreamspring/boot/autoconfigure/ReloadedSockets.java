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

import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Sockets of an SSL bundle as it is at the moment, as a platform may have put new
 * certificates there. Where those can't be used, the ones before are.
 */
final class ReloadedSockets implements Supplier<SSLSocketFactory> {

	private static final Log logger = LogFactory.getLog(ReloadedSockets.class);

	private final Supplier<@Nullable SslBundle> bundle;

	private final @Nullable ServerNames names;

	private volatile Loaded loaded;

	ReloadedSockets(Supplier<@Nullable SslBundle> bundle, @Nullable ServerNames names) {
		this.bundle = bundle;
		this.names = names;
		SslBundle current = bundle.get();
		if (current == null) {
			throw new IllegalStateException("There is no SSL bundle");
		}
		this.loaded = load(current);
	}

	SSLContext context() {
		return this.loaded.context();
	}

	@Override
	public SSLSocketFactory get() {
		Loaded before = this.loaded;
		try {
			SslBundle current = this.bundle.get();
			if (current != null && current != before.bundle()) {
				this.loaded = load(current);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("The SSL bundle can't be used as it is now; using it as it was before", ex);
		}
		return this.loaded.sockets();
	}

	private Loaded load(SslBundle bundle) {
		SSLContext context = bundle.createSslContext();
		return new Loaded(bundle, context,
				new SecureSocketFactory(context.getSocketFactory(), this.names, bundle.getOptions()));
	}

	private record Loaded(SslBundle bundle, SSLContext context, SSLSocketFactory sockets) {
	}

}
