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

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.Resource;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Adapts {@link JetStreamProperties} to {@link JetStreamConnectionDetails}.
 */
final class PropertiesJetStreamConnectionDetails implements JetStreamConnectionDetails {

	private static final Log logger = LogFactory.getLog(PropertiesJetStreamConnectionDetails.class);

	private final JetStreamProperties properties;

	private final @Nullable SslBundles sslBundles;

	private volatile boolean updatesKnown;

	PropertiesJetStreamConnectionDetails(JetStreamProperties properties, @Nullable SslBundles sslBundles) {
		this.properties = properties;
		this.sslBundles = sslBundles;
	}

	@Override
	public List<String> getServers() {
		return this.properties.servers();
	}

	@Override
	public @Nullable String getUsername() {
		return this.properties.username();
	}

	@Override
	public @Nullable String getPassword() {
		return this.properties.password();
	}

	@Override
	public @Nullable String getToken() {
		return this.properties.token();
	}

	@Override
	public @Nullable String getNkeySeed() {
		return this.properties.nkeySeed();
	}

	@Override
	public @Nullable Resource getCredentials() {
		return this.properties.credentials();
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		String bundle = this.properties.ssl().bundle();
		if (!StringUtils.hasLength(bundle)) {
			return null;
		}
		Assert.notNull(this.sslBundles, "SSL bundle name has been set but no SSL bundles found in context");
		SslBundle current = this.sslBundles.getBundle(bundle);
		if (!this.updatesKnown) {
			// It is asked for again at each connection, and Boot warns of bundles that
			// nobody
			// asks for again
			this.updatesKnown = true;
			this.sslBundles.addBundleUpdateHandler(bundle, (updated) -> logger
				.info("The SSL bundle '%s' was reloaded; it is used from the next connection on".formatted(bundle)));
		}
		return current;
	}

}
