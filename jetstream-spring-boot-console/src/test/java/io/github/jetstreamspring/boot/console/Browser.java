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

package io.github.jetstreamspring.boot.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.logging.Level;

import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A real browser, as Debian's packages {@code chromium} and {@code chromium-driver} bring
 * it.
 */
final class Browser implements AutoCloseable {

	private static final List<Path> BROWSERS = List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/google-chrome"));

	private static final int MOST_TABS = 300;

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	static {
		// A busy machine is slow, but nothing is wrong
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	private final ChromeDriver driver;

	private final String address;

	private Browser(ChromeDriver driver, String address) {
		this.driver = driver;
		this.address = address;
	}

	/**
	 * Starts a browser, or skips the test where there is none.
	 * @param address the address of the console, with a slash at its end
	 * @param arguments of the browser, beside those that it needs
	 */
	static Browser open(String address, String... arguments) {
		Path binary = BROWSERS.stream().filter(Files::isExecutable).findFirst().orElse(null);
		assumeTrue(binary != null && Files.isExecutable(DRIVER),
				"there is no browser: install the packages chromium and chromium-driver");
		ChromeOptions options = new ChromeOptions();
		options.setBinary(binary.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en");
		options.addArguments(arguments);
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.PERFORMANCE, Level.ALL);
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		ChromeDriver driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).usingAnyFreePort().build(),
				options);
		// As many pages are checked for accessibility at the same time
		driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(3));
		driver.manage().window().setSize(new Dimension(1280, 900));
		return new Browser(driver, address);
	}

	Browser go(String hash) {
		this.driver.get(this.address + hash);
		return this;
	}

	WebElement find(String selector) {
		return until((driver) -> driver.findElements(By.cssSelector(selector))
			.stream()
			.filter(WebElement::isDisplayed)
			.findFirst()
			.orElse(null));
	}

	void click(String selector) {
		until((driver) -> {
			WebElement element = find(selector);
			if (!element.isEnabled()) {
				return null;
			}
			element.click();
			return element;
		});
	}

	void type(String selector, String text) {
		WebElement element = find(selector);
		element.clear();
		element.sendKeys(text);
	}

	String text() {
		return find("main").getText();
	}

	void awaitText(String text) {
		await().atMost(Duration.ofSeconds(20))
			.ignoreException(StaleElementReferenceException.class)
			.untilAsserted(() -> assertThat(this.driver.findElement(By.tagName("body")).getText()).contains(text));
	}

	Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	ChromeDriver driver() {
		return this.driver;
	}

	private <T> T until(Function<ChromeDriver, T> condition) {
		return await().atMost(Duration.ofSeconds(20))
			.ignoreException(StaleElementReferenceException.class)
			.until(() -> condition.apply(this.driver), (found) -> found != null);
	}

	/**
	 * Returns what was asked for since the last call.
	 */
	List<URI> requests() {
		return this.driver.manage()
			.logs()
			.get(LogType.PERFORMANCE)
			.getAll()
			.stream()
			.map(LogEntry::getMessage)
			.map(JsonMapper.shared()::readTree)
			.map((entry) -> entry.path("message"))
			.filter((message) -> message.path("method").asString().equals("Network.requestWillBeSent"))
			.map((message) -> message.path("params").path("request").path("url"))
			.map(JsonNode::asString)
			.filter((url) -> !url.startsWith("data:"))
			.map(URI::create)
			.toList();
	}

	/**
	 * Returns what the page has complained of since the last call.
	 */
	List<String> complaints() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	/**
	 * Returns what is wrong with the page for people with disabilities, as axe sees it.
	 */
	@SuppressWarnings("unchecked")
	List<String> accessibilityFindings() throws IOException {
		// Once for each document: it is half a megabyte
		if (Boolean.TRUE.equals(run("return window.axe === undefined"))) {
			try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
				// Past the policy of the page, which is part of what is tested
				run(new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8));
			}
		}
		return (List<String>) this.driver.executeAsyncScript("""
				const done = arguments[0];
				axe.run({ resultTypes: ["violations"] }).then((results) => done(results.violations.map((violation) =>
					`${violation.impact} ${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`)),
					(error) => done([String(error)]));""");
	}

	/**
	 * Makes the page light or dark.
	 */
	void scheme(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Runs a script on each page before its own.
	 */
	void onEachPage(String script) {
		this.driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
	}

	/**
	 * Moves the focus to an element as somebody does who has no mouse.
	 */
	WebElement tabTo(String selector) {
		find(selector);
		Object found = false;
		for (int i = 0; i < MOST_TABS && !Boolean.TRUE.equals(found); i++) {
			new Actions(this.driver).sendKeys(Keys.TAB).perform();
			found = run("return document.activeElement.matches(arguments[0])", selector);
		}
		assertThat(found).as("The key Tab leads to " + selector).isEqualTo(true);
		return this.driver.switchTo().activeElement();
	}

	/**
	 * Presses a button or follows a link without a mouse.
	 */
	void press(String selector) {
		tabTo(selector).sendKeys(Keys.ENTER);
	}

	/**
	 * Takes a screenshot that is also in the documentation. It is written there with
	 * {@code -Dconsole.screenshots}.
	 */
	void documented(String name) throws IOException {
		Path file = screenshot(name);
		if (System.getProperty("console.screenshots") != null) {
			Files.copy(file, Path.of("../docs/images", "console-" + name + ".png"),
					StandardCopyOption.REPLACE_EXISTING);
		}
	}

	Path screenshot(String name) throws IOException {
		Path file = Path.of("target/screenshots", name + ".png");
		Files.createDirectories(file.getParent());
		return Files.write(file, this.driver.getScreenshotAs(OutputType.BYTES));
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
