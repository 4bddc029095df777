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

package io.github.jetstreamspring.annotation;

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.publisher.JetStreamTemplate;
import io.github.jetstreamspring.test.TestStreams;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A running application with annotated beans, the stream {@code jobs} with the consumer
 * {@code worker}, and the stream {@code results}.
 */
public final class Worker implements AutoCloseable {

	private static final String[] QUEUES = { "jetstream.streams.jobs.subjects=jobs.>",
			"jetstream.streams.jobs.consumers.worker.ack-wait=5s", "jetstream.streams.results.subjects=results.>",
			"jetstream.streams.results.retention=limits", "jetstream.listener.retry.delay=50ms",
			"jetstream.listener.retry.max-attempts=3", "jetstream.listener.batch.timeout=200ms" };

	private final String url;

	private final ConfigurableApplicationContext context;

	private Worker(String url, ConfigurableApplicationContext context) {
		this.url = url;
		this.context = context;
	}

	/**
	 * Starts an application.
	 * @param url the server's URL
	 * @param beans the classes of its annotated beans, and of configurations
	 * @param properties further properties, as {@code key=value}
	 */
	public static Worker run(String url, List<Class<?>> beans, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + url));
		List.of(properties).forEach((property) -> arguments.add("--" + property));
		return new Worker(url,
				new SpringApplicationBuilder(Application.class).sources(beans.toArray(Class<?>[]::new))
					.web(WebApplicationType.NONE)
					.properties(QUEUES)
					.run(arguments.toArray(String[]::new)));
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public JetStreamTemplate template() {
		return bean(JetStreamTemplate.class);
	}

	public JetStreamListeners listeners() {
		return bean(JetStreamListeners.class);
	}

	/**
	 * Publishes while the listener takes nothing, so that all of it is there at once.
	 */
	public void publishTogether(String subject, Object... payloads) {
		listeners().stop("worker");
		for (Object payload : payloads) {
			template().publish(subject, payload);
		}
		listeners().start("worker");
	}

	public long size(String stream) throws Exception {
		return management().getStreamInfo(stream).getStreamState().getMsgCount();
	}

	public MessageInfo message(String stream, long sequence) throws Exception {
		return management().getMessage(stream, sequence);
	}

	/**
	 * Stops the application and leaves the queues as they are.
	 */
	public void stop() {
		this.context.close();
	}

	@Override
	public void close() {
		stop();
		TestStreams.deleteAll(this.url);
	}

	private JetStreamManagement management() throws Exception {
		return bean(Connection.class).jetStreamManagement();
	}

	// Without what only the management of an application needs: it would take half of the
	// time of each start
	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, LifecycleAutoConfiguration.class,
			SslAutoConfiguration.class, AopAutoConfiguration.class, TaskExecutionAutoConfiguration.class,
			JacksonAutoConfiguration.class, ValidationAutoConfiguration.class, JetStreamAutoConfiguration.class })
	static class Application {

	}

}
