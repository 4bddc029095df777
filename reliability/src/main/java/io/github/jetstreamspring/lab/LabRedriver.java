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

package io.github.jetstreamspring.lab;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.deadletter.DeadLetterQuery;
import io.github.jetstreamspring.deadletter.DeadLetters;
import io.github.jetstreamspring.deadletter.RedriveOptions;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Redrives all dead letters, again and again, until its standard input ends.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class LabRedriver {

	private static final long PER_SECOND = 50;

	private static final long PAUSE_MILLIS = 100;

	public static void main(String[] args) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(LabRedriver.class, args)) {
			CountDownLatch ended = new CountDownLatch(1);
			ParentWatch.start(ended::countDown);
			DeadLetters letters = context.getBean(DeadLetters.class);
			while (!ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
				letters.redrive(DeadLetterQuery.all(), RedriveOptions.defaults().rate(PER_SECOND));
			}
		}
	}

}
