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

import io.github.jetstreamspring.guard.OwnThreads;
import io.nats.client.Connection;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;

/**
 * Closes a connection with its context, but not before a handler that has closed the
 * context is done: its ack is yet to be sent.
 *
 * @param connection the connection
 */
record ConnectionCloser(Connection connection) implements DisposableBean {

	/**
	 * Takes over the end of a connection that is a bean without a destroy method.
	 * @param connection the connection
	 * @param beanName the name of the bean
	 * @param beanFactory has the bean
	 * @return the connection
	 */
	static Connection register(Connection connection, String beanName, ConfigurableListableBeanFactory beanFactory) {
		((DefaultSingletonBeanRegistry) beanFactory).registerDisposableBean(beanName, new ConnectionCloser(connection));
		return connection;
	}

	@Override
	public void destroy() {
		OwnThreads.afterStop(this::close);
	}

	private void close() {
		if (this.connection.getOptions().getErrorListener() instanceof ConnectionEventLogger events) {
			events.closing();
		}
		try {
			this.connection.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.connection.getOptions().getServerPool() instanceof GatedServerPool gate) {
			// It may have been closed while its context was stopped
			gate.end();
		}
	}

}
