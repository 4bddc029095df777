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

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the connection.
 *
 * @param startupTimeout How long start-up waits for the first connection.
 * @param connectTimeout How long one attempt to connect to one server may take.
 * @param reconnectWait Time between two attempts to reconnect to the same server.
 * @param maxReconnects How often to try to reconnect; -1 to never give up.
 * @param pingInterval Time between two pings, after two of which without an answer the
 * connection counts as lost.
 * @since 0.1.0
 */
public record ConnectionProperties(@DefaultValue("30s") Duration startupTimeout,
		@DefaultValue("2s") Duration connectTimeout, @DefaultValue("1s") Duration reconnectWait,
		@DefaultValue("-1") int maxReconnects, @DefaultValue("20s") Duration pingInterval) {

	// What is said of the components, for when none of them is set
	static final ConnectionProperties DEFAULTS = new ConnectionProperties(Duration.ofSeconds(30), Duration.ofSeconds(2),
			Duration.ofSeconds(1), -1, Duration.ofSeconds(20));

	/**
	 * Checks the values.
	 */
	public ConnectionProperties {
		PropertyChecks checks = new PropertyChecks();
		checks.positive("startup-timeout", startupTimeout);
		checks.positive("connect-timeout", connectTimeout);
		checks.positive("reconnect-wait", reconnectWait);
		checks.check("max-reconnects", maxReconnects >= -1, "it must be at least 0, or -1 to never give up");
		checks.positive("ping-interval", pingInterval);
		checks.throwIfAny();
	}

}
