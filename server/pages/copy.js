// Shows the copy buttons, which do nothing without it. What is said stands in the page, in its language.
for (const button of document.querySelectorAll('button[data-copies]')) {
  const field = document.getElementById(button.dataset.copies);
  const status = document.getElementById(button.dataset.says);
  button.hidden = false;
  button.addEventListener('click', async () => {
    field.select();
    let copied;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      copied = document.execCommand('copy'); // no https here, or not allowed
    }
    status.textContent = copied ? button.dataset.copied : button.dataset.failed;
    setTimeout(() => { status.textContent = ''; }, 5000);
  });
}
